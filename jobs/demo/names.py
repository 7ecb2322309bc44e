"""Names of people who do not exist, from several backgrounds, as live in the demo's towns."""

# given names and family names that go together
AMERICAN: tuple[tuple[str, str], ...] = (
    (
        "Anna Brian Claire Dennis Erin Frank Holly Kevin Megan Patrick",
        "Brennan Callahan Doyle Fraser Hughes Keane Maddox Porter Sullivan Weaver",
    ),
    (
        "Alejandra Carlos Daniela Diego Gabriela José Lucía Miguel Rosa Sergio",
        "Aguilar Cordero Delgado Fuentes Herrera Márquez Núñez Pineda Salas Vega",
    ),
    (
        "Aaliyah Andre Brianna Darnell Ebony Isaiah Jasmine Malik Simone Tyrell",
        "Banks Coleman Dixon Franklin Grier Hampton Jefferson Mosley Ransom Tate",
    ),
    ("Agnieszka Bartosz Ewa Kamil Łukasz Marta Piotr Zofia", "Dudek Jankowski Kowal Mazur Pawlak Sikora Wrona Zając"),
    ("Aarav Anjali Deepak Kavita Meera Nikhil Rohan Sunita", "Bhatt Chopra Desai Iyer Kulkarni Menon Reddy Shah"),
    ("Bao Hanh Linh Minh Quang Thuy Tuan Vy", "Bui Dang Do Hoang Le Ngo Pham Tran"),
    ("Adaeze Chidi Emeka Folake Ifeoma Kelechi Ngozi Tunde", "Adeyemi Balogun Eze Nwosu Obi Ogun Okoro Uche"),
    ("Amal Bilal Hana Karim Layla Nadia Samir Yusuf", "Aziz Barakat Darwish Farouk Haidar Mansour Nasser Saleh"),
    ("Dae-jung Eun-ji Grace Hyun Jisoo Min-ho Soo-ah Young-mi", "Cho Choi Han Jung Kang Lim Shin Yoon"),
    ("Angelo Carla Dino Francesca Gino Lorenzo Paola Teresa", "Amato Bellini Conti DeLuca Ferrara Marino Palumbo Ricci"),
    ("Bahe Cody Delbert Leona Raymond Shandiin Tara Wesley", "Benally Chee Nez Tsosie Yazzie Joe Manygoats Tso"),
)
DUTCH: tuple[tuple[str, str], ...] = (
    (
        "Anneke Bas Floor Gijs Hanneke Jeroen Lotte Maarten Roos Wouter",
        "Bakker Dijkstra Jansen Kuipers Meijer Postma Smit Terpstra Veenstra Wolters",
    ),
    ("Aylin Emre Hatice Mehmet Selin Yusuf", "Aydin Demir Kaya Koç Öztürk Yilmaz"),
    ("Fatima Hamza Ilham Rachid Samira Younes", "Amrani Bouzid El-Idrissi Haddou Tahiri Ziani"),
    ("Dewi Glenn Marisol Rishi Shanti Winston", "Baboeram Emanuels Kartosen Pinas Ramdin Soerodimedjo"),
)
